// Tells the demo's console, when it is around this page, where its visitor is. Not part of the product.
const { step, console: consoleOrigin } = document.currentScript.dataset;

function tellConsole() {
  if (window.parent === window) return;
  window.parent.postMessage({ type: 'page', step, address: location.href }, consoleOrigin);
}

tellConsole();
// The console asks after each load: a page that doesn't answer is the browser's own error page.
window.addEventListener('message', ({ origin, data }) => {
  if (origin === consoleOrigin && data?.type === 'where') tellConsole();
});
