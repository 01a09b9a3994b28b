// Says the receipt of onrampTrack in plain words. A real thank-you page needs none of this.
const receiptWords = {
  sent: 'Sent. You can leave this page at once: this browser keeps a copy, and sends it again until the marketplace has proved that it holds it. Where nothing gets through, it waits.',
  duplicate:
    'Sent before. This browser remembers this purchase, so a reload sends nothing new: it counts once.',
  held: 'Held back. The pixel will send it as soon as it may.',
  invalid: 'Not valid. Something that the marketplace needs is missing.',
};
const scriptMissing =
  'The pixel could not be loaded, so nothing was sent yet. The shop works all the same. Load this page again when the marketplace is back, and the purchase counts.';

// biome-ignore lint/correctness/noUnusedVariables: the script in the page calls it
function showReceipt({ status, reason }) {
  const words = reason === 'script not loaded' ? scriptMissing : receiptWords[status];
  const note = status === 'invalid' && reason ? ` (${reason})` : '';
  document.getElementById('receipt').textContent = `${words}${note}`;
}
