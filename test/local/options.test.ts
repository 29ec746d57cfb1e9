import { parseOptions, UsageError } from '../../local/options';

test.each([['--onec'], ['--config'], ['everything'], ['--once=yes']])(
  'refuses npm start -- %s and prints the usage',
  (option) => {
    expect(() => parseOptions([option])).toThrow(UsageError);
    expect(() => parseOptions([option])).toThrow('npm start -- --once');
  },
);

test('accepts --once --config rewind.json', () => {
  expect(parseOptions(['--once', '--config', 'rewind.json'])).toEqual({ once: true, config: 'rewind.json' });
});
