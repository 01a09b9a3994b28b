import { bundleService } from '../../tools/serviceBundle.ts';

/** For the tests of a run that start the service as a process. */
export default bundleService;
