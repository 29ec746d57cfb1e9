/* Real servers, processes and bundles on a busy machine: slow is not broken, and no test is about time. */
jest.setTimeout(60_000);

// CI's machines are noisy, and a merge must not hang on one hiccup of one of ten servers. The first failure is printed all
// the same: what needed a second try is to be looked at.
if (process.env['CI']) jest.retryTimes(1, { logErrorsBeforeRetry: true });
