import { findLeakedSecrets } from './secrets';

export default async function stopSharedCloud(): Promise<void> {
  const { cloud: starting, folder } = globalThis.rewindLocalStack ?? {};
  const cloud = await starting;
  try {
    const { findings } = cloud ? await findLeakedSecrets(cloud.details) : { findings: [] };
    if (findings.length > 0) throw new Error(`secrets were written where they do not belong: ${findings.join('; ')}`);
  } finally {
    await cloud?.stop();
    await folder?.remove();
  }
}
