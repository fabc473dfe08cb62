/**
 * Light and dark: as the system has it, unless the reader chose.
 */

const PLACE = "dateline.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** @returns {string | null} */
function chosen() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

/** @param {HTMLElement} button */
export function install(button) {
  const root = document.documentElement;
  const show = (/** @type {string | null} */ choice) => {
    const isDark = choice ? choice === "dark" : dark.matches;
    root.dataset.theme = isDark ? "dark" : "light";
    button.textContent = isDark ? "Light" : "Dark";
  };
  show(chosen());
  dark.addEventListener("change", () => show(chosen()));
  button.addEventListener("click", () => {
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(PLACE, next);
    } catch {
      // The choice holds for this page.
    }
    show(next);
  });
}
