import { randomBytes } from 'node:crypto';

export interface Plan {
  id: string;
  name: string;
  amount: string;
  summary: string;
}

export interface Order {
  orderId: string;
  customerId: string;
  plan: Plan;
  currency: string;
}

export const currency = 'EUR';
export const plans: [Plan, ...Plan[]] = [
  { id: 'starter', name: 'Starter', amount: '19.00', summary: 'Up to 3 people' },
  { id: 'team', name: 'Team', amount: '49.00', summary: 'Up to 20 people, shared inbox' },
  { id: 'business', name: 'Business', amount: '99.00', summary: 'Everyone, with reports' },
];

/** Acme's own books: its customers and their orders, in memory as long as the demo runs. */
export function createBooks() {
  const customers = new Map<string, string>();
  const orders = new Map<string, Order>();
  return {
    addCustomer(company: string): string {
      const customerId = `cust_${1042 + customers.size}`;
      customers.set(customerId, company);
      return customerId;
    },
    company: (customerId: string): string | undefined => customers.get(customerId),
    addOrder(customerId: string, plan: Plan): Order {
      const orderId = `order_${randomBytes(4).toString('hex')}`;
      const order = { orderId, customerId, plan, currency };
      orders.set(orderId, order);
      return order;
    },
    order: (orderId: string): Order | undefined => orders.get(orderId),
  };
}
