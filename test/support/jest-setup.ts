/* Real servers, processes and bundles on a busy machine: slow is not broken, and no test is about time. */
jest.setTimeout(120_000);
