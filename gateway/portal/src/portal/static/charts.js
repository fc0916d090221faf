// Charts in the colours of the page: drawn anew when these change or the window does, and in light ones on paper.
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

  system.addEventListener("change", drawAll);
  window.addEventListener("beforeprint", () => { paper = true; drawAll(); });
  window.addEventListener("afterprint", () => { paper = false; drawAll(); });
  window.addEventListener("resize", () => drawings.forEach(({ chart }) => chart.resize()));
  return draw;
})();
