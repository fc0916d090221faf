// The charts of an indicator: bars of values, lines and points of what they are held against; the numbers are in the tables.
(() => {
  const colours = { bar: "#1c5aa0", line: "#c8262b", scatter: "#c8262b" };
  const places = [...document.querySelectorAll("[data-chart]")];

  for (const place of places) {
    const { labels, series } = JSON.parse(place.dataset.chart);
    echarts.init(place).setOption({
      aria: { enabled: true, decal: { show: true }, label: { enabled: false } },
      animation: false,
      grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0 },
      tooltip: { trigger: "axis", renderMode: "richText" },
      xAxis: { type: "category", data: labels },
      yAxis: { type: "value" },
      series: series.map(({ name, type, data }) => ({
        name, type, data, barMaxWidth: 28, symbolSize: 9, connectNulls: true, itemStyle: { color: colours[type] },
      })),
    });
  }

  window.addEventListener("resize", () => places.forEach((place) => echarts.getInstanceByDom(place)?.resize()));
})();
