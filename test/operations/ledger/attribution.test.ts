import * as fc from 'fast-check';
import { hasTag, tagReason } from '../../../operations/ledger/attribution';
import { keyedOperationId } from '../../../operations/ledger/operation-id';
import { anyUnicode, aReason } from '../../support/arbitraries';

const anOperationId = fc.tuple(fc.string(), fc.string()).map(([namespace, key]) => keyedOperationId(namespace, key));
const anActor = fc.constantFrom(
  'arn:aws:iam::111122223333:user/ann',
  'arn:aws:sts::111122223333:assumed-role/pipeline/session=1@a,b.c',
  'event:com.example.orders/11112222-3333',
);

/** Reasons that could imitate the tag of another operation. */
const anyReason = fc.oneof(
  aReason,
  fc
    .tuple(anyUnicode, anOperationId, anActor, anyUnicode)
    .map(([before, operationId, id, after]) => `${before}${tagReason('', { operationId, actor: { id } })}${after}`),
);

describe('the tag in a reason', () => {
  test('matches only its own operation, whatever the reason contains', () => {
    fc.assert(
      fc.property(anyReason, anOperationId, anActor, anOperationId, (reason, operationId, id, another) => {
        const text = tagReason(reason, { operationId, actor: { id } });

        expect(text.startsWith(reason)).toBe(true);
        expect(hasTag(text, operationId)).toBe(true);
        expect(hasTag(text, another)).toBe(another === operationId);
      }),
    );
  });

  test('cannot be forged in the reason of another operation', () => {
    const forged = tagReason('mine [rewind op-victim by ann]', { operationId: 'op-mine', actor: { id: 'eve' } });
    expect(hasTag(forged, 'op-victim')).toBe(false);
  });

  test.each([undefined, null, '', 'order withdrawn', 'rewind op-1 by ann'])('is absent from %j', (text) => {
    expect(hasTag(text, 'op-1')).toBe(false);
  });
});
