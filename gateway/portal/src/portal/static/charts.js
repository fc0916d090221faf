// Charts in the colours of the page: drawn anew when these change or the window does, and in light ones on paper. Each
// can be saved as a picture: in light colours on white, with the title and the day that its buttons carry.
const drawChart = (() => {
  const drawings = new Map();
  const system = matchMedia("(prefers-color-scheme: dark)");
  const probe = document.body.appendChild(document.createElement("span"));
  probe.hidden = true;
  let paper = false;

  const colour = (name) => {
    probe.style.color = `var(--zp-fill-${name})`;
    return getComputedStyle(probe).color;
  };
  const isDark = () => {
    const choice = document.documentElement.dataset.bsTheme;
    return !paper && (choice === "auto" ? system.matches : choice === "dark");
  };
  const draw = (place, option) => {
    drawings.get(place)?.chart.dispose();
    probe.style.colorScheme = isDark() ? "dark" : "light";
    const chart = echarts.init(place, isDark() ? "dark" : null);
    chart.setOption({ backgroundColor: "transparent", animation: false, ...option(colour) });
    chart.getZr().flush();
    drawings.set(place, { chart, option });
  };
  const drawAll = () => [...drawings].forEach(([place, { option }]) => draw(place, option));

  const WIDTH = 800, HEAD = 72;
  const FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif";
  const picture = (place, { save, title, day }) => {
    const { chart: shown, option } = drawings.get(place);
    const size = { width: Math.max(shown.getWidth(), WIDTH), height: shown.getHeight() + HEAD };
    const chart = echarts.init(document.createElement("div"), null, { ...size, renderer: save === "svg" ? "svg" : "canvas" });
    probe.style.colorScheme = "light";
    const { grid, legend, ...rest } = option(colour);
    chart.setOption({
      ...rest,
      animation: false,
      backgroundColor: "#fff",
      textStyle: { fontFamily: FONT },
      title: { text: title, subtext: day, left: "center", top: 8, textStyle: { fontSize: 18 } },
      grid: { ...grid, top: grid.top + HEAD },
      legend: { ...legend, top: legend.top + HEAD },
    });
    chart.getZr().flush();
    return chart;
  };
  const blob = (chart, type) => (type === "svg"
    ? Promise.resolve(new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }))
    : new Promise((given) => { chart.renderToCanvas({ pixelRatio: 2, backgroundColor: "#fff" }).toBlob(given); }));
  const save = async (button) => {
    const { of, title, day, save: type } = button.dataset;
    const chart = picture(document.getElementById(of), button.dataset);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await blob(chart, type));
    link.download = `${title} ${day}.${type}`;
    link.click();
    URL.revokeObjectURL(link.href);
    chart.dispose();
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-save]");
    if (button) save(button);
  });
  system.addEventListener("change", drawAll);
  window.addEventListener("beforeprint", () => { paper = true; drawAll(); });
  window.addEventListener("afterprint", () => { paper = false; drawAll(); });
  window.addEventListener("resize", () => drawings.forEach(({ chart }) => chart.resize()));
  return draw;
})();
