// The charts of an indicator: bars of values, lines and points of what they are held against; the numbers are in the tables.
(() => {
  const colours = { bar: "bar", line: "red", scatter: "red" };

  for (const place of document.querySelectorAll("[data-chart]")) {
    const { labels, series } = JSON.parse(place.dataset.chart);
    drawChart(place, (colour) => ({
      aria: { enabled: true, decal: { show: true }, label: { enabled: false } },
      grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: "axis", renderMode: "richText" },
      xAxis: { type: "category", data: labels },
      yAxis: { type: "value" },
      series: series.map(({ name, type, data }) => ({
        name, type, data, barMaxWidth: 28, symbolSize: 9, connectNulls: true, itemStyle: { color: colour(colours[type]) },
      })),
    }));
  }
})();
