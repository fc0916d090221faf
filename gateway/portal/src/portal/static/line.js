// A line's page: news renew it, but not a form that somebody has begun to fill in; number and range of the percent follow each other.
(() => {
  const touched = (field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  const busy = (part) =>
    "kept" in part.dataset ||
    part.querySelector("details.act[open]") !== null ||
    [...part.querySelectorAll("textarea, input:not([type=hidden], [type=range])")].some(touched);

  document.body.addEventListener("changed", (event) => {
    const line = document.getElementById("line");
    if (JSON.parse(event.detail.data).id !== line.dataset.id) return;
    const kept = ["acting", "schedule", "discussion"].map((id) => document.getElementById(id)).map((part) => {
      part.toggleAttribute("hx-morph-skip", busy(part));
      return part.hasAttribute("hx-morph-skip");
    });
    document.getElementById("news").hidden = !kept.includes(true);
    htmx.trigger(line, "renew");
  });

  document.addEventListener("input", (event) => {
    const { target } = event;
    if (target.dataset.for) document.getElementById(target.dataset.for).value = target.value;
    const range = target.id && document.querySelector(`[data-for="${target.id}"]`);
    if (range) range.value = target.value;
  });

  document.addEventListener("click", ({ target }) => {
    if (!target.dataset.mention) return;
    const text = document.getElementById("comment-text");
    text.setRangeText(`${target.dataset.mention} `, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  });

  const showRanges = () => document.querySelectorAll("[data-for]").forEach((range) => { range.hidden = false; });
  document.addEventListener("htmx:after:swap", showRanges);
  showRanges();
})();
