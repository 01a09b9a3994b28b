export { fromBytes, toBytes } from '../../ledger/id.ts';
