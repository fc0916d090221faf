// The timeline: a milestone is dragged, or moved by keys a working day at a time; its line's form then saves the day.
(() => {
  const DAY = 86400000;
  const timeline = document.getElementById("timeline");
  if (!timeline) return;
  const start = Date.parse(timeline.dataset.start), days = Number(timeline.dataset.days);
  const free = new Set(JSON.parse(timeline.dataset.free));
  const day = (number) => new Date(start + number * DAY).toISOString().slice(0, 10);
  const value = (milestone, name) => Number(milestone.getAttribute(`aria-value${name}`));
  const form = (milestone) => milestone.closest(".timeline-line").querySelector("form");

  const show = (milestone, number) => {
    milestone.setAttribute("aria-valuenow", number);
    milestone.setAttribute("aria-valuetext", day(number));
    milestone.querySelector("svg").setAttribute("x", `${(100 * number) / days}%`);
    const { milestone: which, due } = form(milestone).elements;
    which.value = milestone.dataset.id;
    due.value = day(number);
    form(milestone).closest("details").open = true;
  };
  const within = (milestone, number) => Math.min(Math.max(number, value(milestone, "min")), value(milestone, "max"));
  const worked = (milestone, number, step) => {
    let found = number;
    while (free.has(day(found)) && within(milestone, found + step) === found + step) found += step;
    return found;
  };

  for (const milestone of timeline.querySelectorAll("[role=slider]")) {
    const before = value(milestone, "now");
    const move = (number, step) => show(milestone, worked(milestone, within(milestone, number), step));
    const save = () => { if (value(milestone, "now") !== before) form(milestone).requestSubmit(); };

    milestone.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (step) move(value(milestone, "now") + step, step);
      else if (event.key === "Enter") save();
      else if (event.key === "Escape") show(milestone, before);
      else return;
      event.preventDefault();
    });
    milestone.addEventListener("pointerdown", (event) => {
      const row = milestone.ownerSVGElement.getBoundingClientRect();
      const drag = (at) => move(Math.round(((at.clientX - row.left) / row.width) * days), -1);
      milestone.setPointerCapture(event.pointerId);
      milestone.addEventListener("pointermove", drag);
      milestone.addEventListener("pointerup", () => { milestone.removeEventListener("pointermove", drag); save(); }, { once: true });
      milestone.addEventListener("pointercancel", () => { milestone.removeEventListener("pointermove", drag); show(milestone, before); }, { once: true });
    });
  }
})();
