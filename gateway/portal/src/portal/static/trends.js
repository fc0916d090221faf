// The trend's charts: lines by light and by state, stacked, one bar a day; a pattern for each colour.
(() => {
  const colours = {
    green: "#2f9e4f", yellow: "#f0b429", red: "#c8262b", blue: "#14427d",
    not_started: "#9aa5b1", in_progress: "#3a8fd6", submitted: "#8e5bb5", confirmed: "#14427d", suspended: "#5b6670",
  };
  const charts = [...document.querySelectorAll(".chart[data-chart]")].map((place) => {
    const { days, series } = JSON.parse(place.dataset.chart);
    const chart = echarts.init(place);
    chart.setOption({
      aria: { enabled: true, decal: { show: true }, label: { enabled: false } },
      animation: false,
      grid: { left: 8, right: 24, top: 64, bottom: 8, containLabel: true },
      legend: { top: 0, icon: "roundRect" },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText" },
      xAxis: { type: "category", data: days },
      yAxis: { type: "value", minInterval: 1 },
      series: series.map(({ name, code, data }) => ({
        name, data, type: "bar", stack: "lines", barMaxWidth: 40, itemStyle: { color: colours[code] },
      })),
    });
    return chart;
  });
  window.addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
})();
