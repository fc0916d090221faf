// Files that are chosen or dropped go up at once, each with its own progress; then the panel shows what is there now.
(() => {
  const panel = () => document.getElementById("attachments");
  const text = { zh: { sent: "已上传", failed: "未上传" }, en: { sent: "Uploaded", failed: "Not uploaded" } }[
    document.documentElement.lang.startsWith("en") ? "en" : "zh"
  ];
  let left = Promise.resolve();

  const shown = (file) => {
    const item = document.createElement("li"), bar = document.createElement("progress"), said = document.createElement("span");
    const name = document.createElement("span");
    name.className = "long";
    name.textContent = file.name;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(name, bar, said);
    panel().querySelector(".attachment-uploads").append(item);
    return { item, bar, said };
  };

  const reason = (answer) => {
    const page = new DOMParser().parseFromString(answer, "text/html");
    return page.querySelector("#problem p")?.textContent ?? page.querySelector("h1")?.textContent ?? "";
  };

  const send = (file, form) =>
    new Promise((done) => {
      const { item, bar, said } = shown(file);
      const end = (failed, why) => {
        item.className = failed ? "attachment-failed" : "";
        said.textContent = failed ? `${text.failed} ${why.replace(`${file.name}：`, "")}` : text.sent;
        bar.hidden = true;
        done(!failed);
      };
      const data = new FormData();
      data.set("_csrf", form.elements._csrf.value);
      data.set("_key", crypto.randomUUID());
      data.set("file", file);
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      });
      request.addEventListener("load", () => end(request.status >= 400, reason(request.responseText)));
      request.addEventListener("error", () => end(true, ""));
      request.open("POST", form.action);
      request.send(data);
    });

  const renew = async () => {
    const failed = [...panel().querySelectorAll(".attachment-failed")];
    const answer = await fetch(panel().dataset.address);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    panel().replaceWith(page.getElementById("attachments"));
    panel().querySelector(".attachment-uploads")?.append(...failed);
  };

  const take = (files, form) => {
    const sending = [...files];
    left = left.then(async () => {
      let sent = 0;
      for (const file of sending) sent += await send(file, form);
      if (sent) await renew();
    });
  };

  const inside = (event) => event.target.closest?.(".attachments")?.querySelector(".attachment-form");
  document.addEventListener("change", (event) => {
    if (event.target.id !== "attachment-files") return;
    take(event.target.files, event.target.form);
    event.target.value = "";
  });
  for (const type of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      const form = inside(event);
      if (!form || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      panel().classList.toggle("attachments-over", type === "dragover");
      if (type === "drop") take(event.dataTransfer.files, form);
    });
  }
})();
