/** Names the environment variable with `host:port` of the integration tests' Temporal server (plaintext). */
export const temporalAddressVariable = 'REWIND_TEST_TEMPORAL_ADDRESS';

/** Whether the integration tests run on the newer server instead of the development server: `REWIND_TEST_SERVER=newer`. */
export const onNewerServer = process.env['REWIND_TEST_SERVER'] === 'newer';

/** The namespace of the integration tests. */
export const namespace = 'default';
