/** Names what the integration tests find in `process.env`: `host:port` of a real Temporal server, plaintext. */
export const temporalAddressVariable = 'REWIND_TEST_TEMPORAL_ADDRESS';
