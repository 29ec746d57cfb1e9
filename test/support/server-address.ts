/** Names the environment variable with `host:port` of the integration tests' Temporal server (plaintext). */
export const temporalAddressVariable = 'REWIND_TEST_TEMPORAL_ADDRESS';

/** The namespace of the integration tests. */
export const namespace = 'default';
