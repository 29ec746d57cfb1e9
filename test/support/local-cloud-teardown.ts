import { secretsWritten } from './secrets';

export default async function stopSharedCloud(): Promise<void> {
  const cloud = globalThis.rewindLocalCloud;
  if (!cloud) return;
  try {
    const { findings } = await secretsWritten(cloud.details);
    if (findings.length > 0) throw new Error(`secrets were written where they do not belong: ${findings.join('; ')}`);
  } finally {
    await cloud.stop();
  }
}
