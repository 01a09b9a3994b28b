import { type Faults, faultHeaders } from '../../faults.ts';
import { type Html, html } from '../../html.ts';
import type { Origins } from '../../origins.ts';
import { page, publicFile, seeOther } from '../../responses.ts';
import type { Handler } from '../../web.ts';
import { layout } from '../layout.ts';
import { createBooks, plans } from './orders.ts';
import { checkoutPage, landingPage, missingPage, signupPage, thanksPage } from './pages.ts';
import { tag } from './snippets.ts';

/** Acme CRM's site: landing page, sign up, checkout and, after the payment elsewhere, the thank-you page. */
export function createProviderSite(origins: Origins, partnerKey: string, faults: Faults): Handler {
  const books = createBooks();
  const tagLine = tag(origins, partnerKey);

  function show(step: string, title: string, content: Html, status = 200): Response {
    const options = { site: 'provider', title: `${title} · Acme CRM`, step, origins };
    return page(layout(options, content, tagLine), status, faultHeaders(faults));
  }

  function showMissing(what: string): Response {
    return show('', 'Not found', missingPage(what), 404);
  }

  function signUp(form: URLSearchParams): Response {
    const company = form.get('company')?.trim();
    if (!company || !form.get('email')?.includes('@')) {
      return show('signup', 'Sign up', signupPage('Please give a company and an email address.'), 400);
    }
    return seeOther(`/checkout?customer=${books.addCustomer(company.slice(0, 100))}`);
  }

  function checkOut(form: URLSearchParams): Response {
    const customerId = form.get('customer') ?? '';
    if (!books.company(customerId)) return showMissing('There is no such customer. Please sign up first.');
    const plan = plans.find(({ id }) => id === form.get('plan')) ?? plans[0];
    const { orderId, currency } = books.addOrder(customerId, plan);
    const query = new URLSearchParams({ order: orderId, amount: plan.amount, currency });
    return seeOther(`${origins.payment}/pay?${query}`);
  }

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const order = books.order(searchParams.get('order') ?? '');
    switch (`${request.method} ${pathname}`) {
      case 'GET /':
        return show('landing', 'Every customer, one clear view', landingPage());
      case 'GET /signup':
        return show('signup', 'Sign up', signupPage());
      case 'POST /signup':
        return signUp(new URLSearchParams(await request.text()));
      case 'GET /checkout': {
        const customerId = searchParams.get('customer') ?? '';
        const company = books.company(customerId);
        if (!company) return showMissing('There is no such customer. Please sign up first.');
        return show('checkout', 'Checkout', checkoutPage(customerId, company));
      }
      case 'POST /checkout':
        return checkOut(new URLSearchParams(await request.text()));
      case 'GET /thank-you':
        if (!order) return showMissing('There is no such order.');
        return show('thanks', 'Thank you', thanksPage(order, tagLine));
      case 'GET /kept':
        return page(keptPage(origins, partnerKey));
      default:
        return publicFile('provider', pathname);
    }
  };
}

/** Not part of Acme's site: it reads for the console what the pixel keeps on this origin. */
function keptPage(origins: Origins, partnerKey: string): Html {
  return html`<html lang="en"><meta charset="utf-8"><title>What the pixel keeps</title>
    <script src="/kept.js" data-partner-key="${partnerKey}" data-console="${origins.console}"></script></html>`;
}
