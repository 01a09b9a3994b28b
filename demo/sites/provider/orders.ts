import { randomBytes } from 'node:crypto';

export interface Plan {
  id: string;
  name: string;
  amount: string;
  summary: string;
}

export interface Customer {
  customerId: string;
  company: string;
  email: string;
  cameBy: 'own site' | 'order form';
  /** None before the first purchase is paid. */
  plan?: Plan;
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

export type Books = ReturnType<typeof createBooks>;

/** Acme's own books: its customers and their orders, in memory as long as the demo runs. */
export function createBooks() {
  const customers = new Map<string, Customer>();
  const orders = new Map<string, Order>();
  return {
    addCustomer(customer: Omit<Customer, 'customerId'>): string {
      const customerId = `cust_${1042 + customers.size}`;
      customers.set(customerId, { ...customer, customerId });
      return customerId;
    },
    customer: (customerId: string): Customer | undefined => customers.get(customerId),
    /** In the order in which they came. */
    customers: (): Customer[] => [...customers.values()],
    hasEmail: (email: string): boolean =>
      [...customers.values()].some((customer) => customer.email.toLowerCase() === email.toLowerCase()),
    addOrder(customerId: string, plan: Plan): Order {
      const orderId = `order_${randomBytes(4).toString('hex')}`;
      const order = { orderId, customerId, plan, currency };
      orders.set(orderId, order);
      return order;
    },
    order: (orderId: string): Order | undefined => orders.get(orderId),
    /** From then on its customer has the plan. */
    markPaid({ customerId, plan }: Order): void {
      const customer = customers.get(customerId);
      if (customer) customers.set(customerId, { ...customer, plan });
    },
  };
}
