// A box that ticks or clears all boxes of a name in its form.
document.addEventListener("change", ({ target }) => {
  const name = target.dataset?.chooses;
  if (name) for (const box of target.form.querySelectorAll(`input[name="${name}"]`)) box.checked = target.checked;
});
