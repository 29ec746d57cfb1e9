import * as fc from 'fast-check';

/* Arbitraries of fast-check. A failed property prints its seed and path; pass them to `fc.assert` to repeat it. */

/** Characters with a special meaning in JSON, SQL, XML, terminals, UTF-8 or JavaScript. */
const meaningful = fc.constantFrom(
  ...Array.from('"\'`\\/<>{}[]:,$%#-*. \n\t\0\u001b\u007f\u0085\u2028\ufeff\ufffe\uffffö€😀\u0301'),
);
const halfAPair = fc.constantFrom('\ud800', '\udfff');

const SURROGATES = { from: 0xd8_00, count: 0x8_00 };
/** Like fast-check's unit 'binary', which builds a table of a million characters for each test file. */
const anyCharacter = fc.integer({ min: 0, max: 0x10_ff_ff - SURROGATES.count }).map(
  (index) => String.fromCodePoint(index < SURROGATES.from ? index : index + SURROGATES.count),
  (character) => {
    const codePoint = (character as string).codePointAt(0)!;
    if (character !== String.fromCodePoint(codePoint)) throw new Error('more than one character');
    return codePoint < SURROGATES.from ? codePoint : codePoint - SURROGATES.count;
  },
);

/** Any text, including lone surrogates. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({
    unit: fc.oneof({ arbitrary: anyCharacter, weight: 2 }, meaningful, halfAPair),
  }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'true', '-0', '1e400'),
);

/** Any well-formed Unicode text. */
export const anyUnicode: fc.Arbitrary<string> = anyText.filter((text) => text.isWellFormed());

const bytes = (text: string) => Buffer.byteLength(text);

/** A workflow id that Temporal accepts: 1 to 1,000 bytes in UTF-8. */
export const aWorkflowId: fc.Arbitrary<string> = fc
  .oneof(anyUnicode, fc.constantFrom('ö'.repeat(500), '€'.repeat(333), 'x'.repeat(1000), '😀'.repeat(250)))
  .filter((id) => id !== '' && bytes(id) <= 1000);

export const aName: fc.Arbitrary<string> = anyUnicode.filter((name) => name !== '');

export const aReason: fc.Arbitrary<string> = anyUnicode.filter((reason) => reason.trim() !== '');

/** A run id, in lower or upper case. */
export const aRunId: fc.Arbitrary<string> = fc.uuid().chain((uuid) => fc.constantFrom(uuid, uuid.toUpperCase()));

/** Any JSON value that `JSON.parse` can return, with keys and texts of `anyText`. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      anyText,
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.tuple(anyText, tie('value')), { maxLength: 4, selector: ([key]) => key })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;
