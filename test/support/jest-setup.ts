/* Real servers, processes and bundles are slow on a loaded machine. */
jest.setTimeout(120_000);
