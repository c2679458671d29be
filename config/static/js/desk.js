// Comforts of the day table and the desk. Nothing here decides anything; all of it can be done without.
(() => {
  // Signed out in the meantime: show that page whole, not in the place of the table.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo } = event.detail;
    const there = new URL(xhr.responseURL || location.href);
    if (there.pathname === new URL(pathInfo.requestPath, location.href).pathname) return;
    event.detail.shouldSwap = false;
    location.assign(there);
  });

  // A day's table begins at the present hour.
  document.querySelectorAll(".day-scroll").forEach((region) => {
    const [room, now] = [region.querySelector("th"), region.querySelector("[aria-current=time]")];
    if (now) region.scrollLeft = now.offsetLeft - room.offsetWidth - now.offsetWidth;
  });

  // Keys on pages that offer them (data-key): nobody's typing is touched, and they can be switched off.
  const keys = document.querySelector("[data-keys]");
  const keysOn = () => localStorage.getItem("keys") !== "off";
  if (keys) {
    keys.hidden = false;
    const lever = keys.querySelector("[data-keys-switch]");
    lever.setAttribute("aria-pressed", keysOn());
    lever.addEventListener("click", () => {
      localStorage.setItem("keys", keysOn() ? "off" : "on");
      lever.setAttribute("aria-pressed", keysOn());
    });
    document.addEventListener("keydown", (event) => {
      const { key, target } = event;
      if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, .day-scroll")) return;
      const goal = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key);
      if (!goal) return;
      event.preventDefault();
      goal.focus();
      if (!goal.matches("input")) goal.click();
    });
  }
})();
