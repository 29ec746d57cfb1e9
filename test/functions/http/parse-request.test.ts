import * as fc from 'fast-check';
import { OperationFailure } from '../../../api/failures';
import { parseBody } from '../../../functions/http/parse-request';
import { anyJson, anyText } from '../../support/arbitraries';

const parsed = (body: string) => parseBody({ body, isBase64Encoded: false });

/** The error that a body is refused with. */
function refusalOf(body: string | Buffer): OperationFailure | undefined {
  try {
    const isBase64Encoded = typeof body !== 'string';
    parseBody({ body: isBase64Encoded ? body.toString('base64') : body, isBase64Encoded });
    return undefined;
  } catch (error) {
    if (error instanceof OperationFailure) return error;
    throw error;
  }
}

const anObject = anyJson.map((value) => Object.assign(Object.create(null) as object, { value }));

/** A field name as JSON text, with each character literal or escaped. */
const written = (name: string) =>
  fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }).map((escaped) => {
    const units = Array.from({ length: name.length }, (_, at) => name[at] ?? '');
    const text = units.map((unit, at) => {
      const plain = JSON.stringify(unit).slice(1, -1);
      return escaped[at] ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : plain;
    });
    return `"${text.join('')}"`;
  });

describe('a body', () => {
  test('is parsed like JSON.parse, whatever its whitespace', () => {
    fc.assert(
      fc.property(anObject, fc.constantFrom('', ' ', '\t', '\n  '), (value, indent) => {
        // JSON.stringify escapes half a surrogate pair, so the text is valid UTF-8.
        const json = JSON.stringify(value, null, indent);
        expect(parsed(json)).toEqual(JSON.parse(json));
      }),
      { numRuns: 300 },
    );
  });

  test.each(['9007199254740991.4', '0.12345678901234567890'])(
    'with the number %s, which JSON.parse changes, is refused with its digits',
    (number) => {
      const body = `{"thenSignal": {"signalName": "pay", "input": ${number}}}`;

      expect(refusalOf(body)?.message).toContain(`the number ${number} loses digits`);
    },
  );

  test('with a duplicate field is refused with its name, at any depth and with any escapes', () => {
    const repetition = anyText.chain((name) => fc.tuple(fc.constant(name), written(name), written(name)));
    const wraps = fc.array(fc.constantFrom('[', '{"in":', '[{"a":{},"b":[]},'), { maxLength: 8 });
    fc.assert(
      fc.property(repetition, anyJson, anyJson, wraps, ([name, once, again], one, other, around) => {
        const close = around.map((open) => (open.startsWith('[') ? ']' : '}')).toReversed();
        const ambiguous = `{${once}:${JSON.stringify(one)},"between":1,${again}:${JSON.stringify(other)}}`;
        fc.pre(name !== 'between');
        const body = `{"x":${around.join('')}${ambiguous}${close.join('')}}`;

        expect(() => JSON.parse(body)).not.toThrow();
        expect(refusalOf(body)?.message).toContain(`without duplicate fields; ${JSON.stringify(name)} is duplicate`);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['in different objects', '{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]}'],
    ['as a field and as a value', '{"a":"b","b":"a","c":["a","a"]}'],
    ['within a text', '{"a":"\\"a\\":1","b":"{\\"a\\": {"}'],
    ['in a field and in a field of it', '{"a":{"a":{"a":1}}}'],
  ])('may have the same name twice %s', (_where, body) => {
    expect(parsed(body)).toEqual(JSON.parse(body));
  });

  test('of any bytes is parsed or refused, and never throws another error', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '\\ud800', 'null', '1e999', '\0')
        .map((text) => Buffer.from(text)),
      anObject.map((value) => Buffer.from(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        expect([undefined, 'invalid-request']).toContain(refusalOf(Buffer.concat(pieces))?.kind);
      }),
      { numRuns: 500 },
    );
  });

  test('that is not UTF-8 is refused, not repaired', () => {
    const broken = Buffer.concat([Buffer.from('{"workflowId":"order-'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(refusalOf(broken)?.message).toContain('a JSON object in UTF-8');
  });

  test.each([
    [32, /^$/],
    [33, /nested at most 32 deep/],
    [1000, /nested at most 32 deep/],
    [32_000, /nested at most 32 deep/],
  ])('nested %i deep', (depth, says) => {
    const body = `{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect(refusalOf(body)?.message ?? '').toMatch(says);
  });

  test.each([
    [64 * 1024, undefined],
    [64 * 1024 + 1, 'payload-too-large'],
  ])('of %i bytes', (size, refusal) => {
    const body = JSON.stringify({ x: 'x'.repeat(size - '{"x":""}'.length) });
    expect(refusalOf(body)?.kind).toBe(refusal);
  });
});
