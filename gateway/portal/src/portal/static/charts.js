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
  const draw = (place) => {
    probe.style.colorScheme = isDark() ? "dark" : "light";
    echarts.getInstanceByDom(place)?.dispose();
    const chart = echarts.init(place, isDark() ? "dark" : null);
    chart.setOption({ backgroundColor: "transparent", animation: false, ...drawings.get(place)(colour) });
    chart.getZr().flush();
  };
  const drawAll = () => [...drawings.keys()].forEach(draw);

  system.addEventListener("change", drawAll);
  window.addEventListener("beforeprint", () => { paper = true; drawAll(); });
  window.addEventListener("afterprint", () => { paper = false; drawAll(); });
  window.addEventListener("resize", () => drawings.forEach((_, place) => echarts.getInstanceByDom(place).resize()));
  return (place, option) => { drawings.set(place, option); draw(place); };
})();
