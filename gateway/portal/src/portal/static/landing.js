// The share of lines that are done: the actual one against its goal.
(() => {
  const place = document.getElementById("landing-chart");
  if (!place) return;
  const { days, goal, actual } = JSON.parse(place.dataset.chart);
  drawChart(place, (colour) => ({
    aria: { enabled: true, label: { enabled: false } },
    grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0 },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { type: "category", data: days, boundaryGap: false },
    yAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" } },
    series: [
      { ...goal, type: "line", symbol: "none", itemStyle: { color: colour("goal") }, lineStyle: { type: "dashed" } },
      { ...actual, type: "line", symbol: "circle", itemStyle: { color: colour("blue") } },
    ],
  }));
})();
