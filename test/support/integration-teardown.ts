export default async function stopRealParts(): Promise<void> {
  const parts = globalThis.rewindIntegrationServers;
  await Promise.all([parts?.temporal.stop(), parts?.ministack.stop()]);
  await parts?.folder.remove();
}
