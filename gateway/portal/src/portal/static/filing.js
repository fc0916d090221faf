// A filing's form saves itself a second after the last change; each save goes on from the version that the one before gave.
(() => {
  const form = document.getElementById("filing");
  if (!form) return;
  const PAUSE = 1000;
  let timer = null, saving = null, stale = false;

  const save = async () => {
    const data = new URLSearchParams(new FormData(form));
    data.set("_key", `${form.elements._key.value}:${data.get("_version")}:${Date.now()}`);
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: data, keepalive: true });
      stale = answer.status === 409 || answer.status === 412;
      document.getElementById("saved").outerHTML = await answer.text();
      const { version } = document.getElementById("saved").dataset;
      if (version) form.elements._version.value = version;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // the network: the next change tries again
    }
    saving = null;
  };
  const now = () => {
    clearTimeout(timer);
    timer = null;
    if (!stale) saving = saving ? saving.then(save) : save();
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(now, PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) now();
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = null;
    if (!saving) return;
    event.preventDefault();
    saving.then(() => form.requestSubmit(event.submitter));
  });
})();
