// The trend's charts: lines by light and by state, stacked, one bar a day; a pattern for each colour.
for (const place of document.querySelectorAll(".chart[data-chart]")) {
  const { days, series } = JSON.parse(place.dataset.chart);
  drawChart(place, (colour) => ({
    aria: { enabled: true, decal: { show: true }, label: { enabled: false } },
    grid: { left: 8, right: 24, top: 64, bottom: 8, containLabel: true },
    legend: { top: 0, icon: "roundRect" },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText" },
    xAxis: { type: "category", data: days },
    yAxis: { type: "value", minInterval: 1 },
    series: series.map(({ name, code, data }) => ({
      name, data, type: "bar", stack: "lines", barMaxWidth: 40, itemStyle: { color: colour(code) },
    })),
  }));
}
