// The overview's chart: lights by jurisdiction, with a pattern for each colour; drawn anew when the page renews itself.
(() => {
  let drawn = "";

  const draw = () => {
    const place = document.getElementById("chart");
    if (!place || place.dataset.chart === drawn) return;
    drawn = place.dataset.chart;
    const { places, series } = JSON.parse(drawn);
    drawChart(place, (colour) => ({
      aria: { enabled: true, decal: { show: true }, label: { enabled: false } },
      grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, icon: "roundRect" },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText" },
      xAxis: { type: "value", minInterval: 1 },
      yAxis: { type: "category", inverse: true, data: places },
      series: series.map(({ name, light, data }) => ({
        name, data, type: "bar", stack: "lights", barMaxWidth: 28, itemStyle: { color: colour(light) },
      })),
    }));
  };

  document.addEventListener("htmx:after:swap", draw);
  draw();
})();
