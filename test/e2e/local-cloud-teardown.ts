export default async function stopSharedCloud(): Promise<void> {
  await globalThis.rewindLocalCloud?.stop();
}
