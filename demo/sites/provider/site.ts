import { type Faults, faultHeaders } from '../../faults.ts';
import { type Html, html } from '../../html.ts';
import type { Origins } from '../../origins.ts';
import { page, publicFile, seeOther } from '../../responses.ts';
import type { Handler } from '../../web.ts';
import { layout } from '../layout.ts';
import type { Billing } from './billing.ts';
import { createOffice } from './office.ts';
import { type Books, plans } from './orders.ts';
import { checkoutPage, landingPage, missingPage, signupPage, thanksPage } from './pages.ts';
import { tag } from './snippets.ts';

interface ProviderParts {
  origins: Origins;
  partnerKey: string;
  faults: Faults;
  books: Books;
  billing: Billing;
}

/**
 * Acme CRM's site: landing page, sign up, checkout and, after the payment elsewhere, the thank-you page; and Acme's
 * own back office.
 */
export function createProviderSite({ origins, partnerKey, faults, books, billing }: ProviderParts): Handler {
  const office = createOffice(origins, billing);
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
    const email = form.get('email')?.trim();
    if (!company || !email?.includes('@')) {
      return show('signup', 'Sign up', signupPage('Please give a company and an email address.'), 400);
    }
    const customer = {
      company: company.slice(0, 100),
      email: email.slice(0, 200),
      cameBy: 'own site',
    } as const;
    return seeOther(`/checkout?customer=${books.addCustomer(customer)}`);
  }

  function checkOut(form: URLSearchParams): Response {
    const customerId = form.get('customer') ?? '';
    if (!books.customer(customerId)) return showMissing('There is no such customer. Please sign up first.');
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
        const customer = books.customer(customerId);
        if (!customer) return showMissing('There is no such customer. Please sign up first.');
        return show('checkout', 'Checkout', checkoutPage(customerId, customer.company));
      }
      case 'POST /checkout':
        return checkOut(new URLSearchParams(await request.text()));
      case 'GET /thank-you':
        if (!order) return showMissing('There is no such order.');
        books.markPaid(order);
        return show('thanks', 'Thank you', thanksPage(order, tagLine));
      case 'GET /billing':
        return office.show();
      case 'POST /billing':
        return await office.act(request);
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
