// The cockpit: full screen for a wall, and a word when the login has ended and nothing is renewed any more.
(() => {
  const screen = document.getElementById("cockpit-screen");
  const main = document.getElementById("main");
  screen.hidden = !document.fullscreenEnabled;
  screen.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : main.requestFullscreen()));
  document.addEventListener("htmx:response:error", ({ detail }) => {
    if (detail.ctx.response.status === 401) document.getElementById("cockpit-ended").hidden = false;
  });
})();
