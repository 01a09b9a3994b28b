import { HttpProblem } from '../http/problem.ts';

export function customerForgotten(): HttpProblem {
  const detail =
    'The marketplace was asked to forget this customer and keeps nothing of what arrives since. ' +
    'A customer who comes back needs another coid.';
  return new HttpProblem({ status: 403, code: 'customer_forgotten', detail });
}
