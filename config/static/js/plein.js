// Comforts on top of pages that work without this file. Nothing here decides anything.
(() => {
  const live = () => document.getElementById("live");

  function announce(words) {
    if (!words || !live()) return;
    const line = document.createElement("p");
    line.className = "visually-hidden";
    line.textContent = words;
    live().append(line);
    setTimeout(() => line.remove(), 10000);
  }

  // A second click within the same visit is the same deed: the form is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => buttons(form).forEach((button) => button.setAttribute("aria-busy", "true")));
    setTimeout(() => release(form), 10000); // a download leaves the page standing
  });
  const buttons = (form) => [...form.elements].filter((element) => element.type === "submit");
  function release(form) {
    delete form.dataset.sent;
    buttons(form).forEach((button) => button.removeAttribute("aria-busy"));
  }
  // The back button may bring the page back as it was left: its forms must work again.
  addEventListener("pageshow", (event) => event.persisted && [...document.forms].forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.elt.matches("form") && release(event.detail.elt));

  // Filters of a GET form apply at once; the focus is still on the same choice afterwards.
  document.addEventListener("change", ({ target }) => {
    if (!target.form?.matches("[data-auto-submit]") || target.type === "search") return;
    sessionStorage.setItem("chosen", target.id);
    target.form.requestSubmit();
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const root = event.detail.elt;
    const goal = root.matches("[data-focus-after-swap]") ? root : root.querySelector("[data-focus-after-swap]");
    if (goal) {
      if (!goal.matches("a, button, input, select, textarea")) goal.tabIndex = -1;
      goal.focus();
    }
    const said = root.matches("[data-announce]") ? root : root.querySelector("[data-announce]");
    if (said) announce(said.dataset.announce || said.textContent.trim());
    tick();
  });

  // How long a time is still held. data-countdown: the moment it ends, ISO 8601.
  // data-warning and data-over: what to say at two minutes and at the end; {time} is filled in.
  function tick() {
    document.querySelectorAll("[data-countdown]").forEach((element) => {
      const left = Math.max(0, Math.round((new Date(element.dataset.countdown) - Date.now()) / 1000));
      element.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left <= 120 && left > 0) sayOnce(element, "warning");
      if (left === 0) sayOnce(element, "over");
    });
  }
  function sayOnce(element, what) {
    if (element.dataset["said" + what]) return;
    element.dataset["said" + what] = "yes";
    announce((element.dataset[what] || "").replace("{time}", element.textContent));
  }
  setInterval(tick, 1000);

  // data-refresh="30": sends the event "refresh" to the element (hx-trigger="refresh") every so many
  // seconds, but not while the tab is hidden or somebody is inside it.
  document.querySelectorAll("[data-refresh]").forEach((element) =>
    setInterval(() => {
      const now = document.getElementById(element.id) || element;
      if (!document.hidden && !now.contains(document.activeElement)) now.dispatchEvent(new Event("refresh"));
    }, 1000 * Number(element.dataset.refresh)));

  // Another language is the same page again: what was typed and not sent yet stands there again.
  const typedFields = () =>
    [...document.querySelectorAll('main form[method="post"] :is(input, select, textarea)[name]')].filter(
      (field) => !["hidden", "password", "file", "submit"].includes(field.type));
  document.querySelector("form.language")?.addEventListener("submit", () => {
    const values = typedFields().map((field) => (field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value));
    if (values.length) sessionStorage.setItem("typed", JSON.stringify({ path: location.pathname, values }));
  });
  function retype() {
    const kept = JSON.parse(sessionStorage.getItem("typed") || "null");
    sessionStorage.removeItem("typed");
    if (kept?.path !== location.pathname || kept.values.length !== typedFields().length) return;
    typedFields().forEach((field, place) => {
      if (typeof kept.values[place] === "boolean") field.checked = kept.values[place];
      else field.value = kept.values[place];
    });
  }
  retype();

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });

  const chosen = sessionStorage.getItem("chosen");
  sessionStorage.removeItem("chosen");
  (document.querySelector("[data-focus-on-load]") || (chosen && document.getElementById(chosen)))?.focus();
  tick();
})();
