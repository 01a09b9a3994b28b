import { notice } from '../pages/blocks.ts';
import { textField } from '../pages/fields.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';

const columns = [
  { name: 'orderId', label: 'Order id', isRequired: true },
  { name: 'amount', label: 'Amount', isRequired: false },
  { name: 'currency', label: 'Currency', isRequired: false },
  { name: 'customer', label: 'Customer', isRequired: false },
  { name: 'date', label: 'Date', isRequired: false },
] as const;

/** The page that reconcile.js makes work. What is entered in it never leaves the browser. */
export function reconciliationContent(url: string): Html {
  return html`<h1>Reconciliation</h1>
<p class="lead">Your own orders against the marketplace’s. <strong>The file stays in this browser</strong>: it is compared here,
nothing of it is sent, and it is gone when you leave the page.</p>
<noscript>${notice(
    'wait',
    html`<p>Your orders are compared by a script in your browser, so that they needn’t be sent.
Allow scripts for this site, then load the page again.</p>`,
  )}</noscript>
<form id="reconcile" hidden data-payments="${linkFrom(url, 'provider/reconciliation/payments')}"
data-rejections="${linkFrom(url, 'provider/reconciliation/rejections')}" data-purchases="${linkFrom(url, 'provider/purchases')}">
<section class="card" id="drop" aria-labelledby="orders-title">
<h2 id="orders-title">1. Your orders</h2>
<p>A line for each order: its id, and what you want compared of amount, currency, customer and date. Separated by commas, semicolons
or tabs, in any encoding; drop the file anywhere here.</p>
<div class="columns">
${textField({ name: 'file', label: 'CSV file', type: 'file', accept: '.csv,.tsv,.txt,text/csv,text/plain' })}
<div>${textField({ name: 'pasted', label: 'Or paste the lines', lines: 3, isCode: true })}
<button type="button" class="plain" id="read">Read these lines</button></div>
</div>
</section>
<section class="card" id="columns" aria-labelledby="columns-title" tabindex="-1" hidden>
<h2 id="columns-title">2. What is what</h2>
<div class="scroll" role="region" aria-labelledby="sample-caption" tabindex="0"><table>
<caption id="sample-caption">The first lines of your file</caption>
<thead><tr id="sample-names"></tr></thead><tbody id="sample"></tbody></table></div>
<div class="filters">
${columns.map(
  ({ name, label, isRequired }) => html`<div class="field"><label for="column-${name}">${label}</label>
<select id="column-${name}"${isRequired && html` required`}></select></div>
`,
)}
<div class="field"><label for="decimal-sign">Decimals as</label>
<select id="decimal-sign"><option value=".">49.90</option><option value=",">49,90</option></select></div>
<div class="field"><label for="from">From</label><input type="date" id="from" required></div>
<div class="field"><label for="to">Up to</label><input type="date" id="to" required></div>
<div class="field"><button>Compare</button></div>
</div>
<p class="hint">What only the marketplace has is looked for between the two days, both included.</p>
</section>
<p id="progress" role="status"></p>
<div id="failure" class="notice bad" role="alert" hidden></div>
</form>
<section id="result" aria-labelledby="result-title" hidden>
<h2 id="result-title">3. The result</h2>
<dl class="tiles" id="summary"></dl>
<div class="filters">
<div class="field"><label for="outcome">Show</label><select id="outcome"></select></div>
<div class="field"><label for="search">Containing</label><input type="search" id="search"></div>
<div class="field"><button type="button" class="plain" id="save">Download as CSV</button></div>
</div>
<div class="scroll" role="region" aria-labelledby="result-caption" tabindex="0"><table>
<caption id="result-caption">Your orders and the marketplace’s, what needs a look first</caption>
<thead><tr><th scope="col" class="number">Line</th><th scope="col">Order</th><th scope="col">Outcome</th>
<th scope="col" class="number">Yours</th><th scope="col" class="number">The marketplace’s</th><th scope="col">Why</th></tr></thead>
<tbody id="rows"></tbody></table></div>
<div class="row"><p id="shown" role="status"></p>
<button type="button" class="plain" id="earlier">Earlier</button><button type="button" class="plain" id="later">Later</button></div>
</section>`;
}
