import { parseOptions, UsageError } from '../../local/options';

test.each([['--onec'], ['--config'], ['everything'], ['--once=yes']])(
  'npm start -- %s is refused, with the usage',
  (option) => {
    expect(() => parseOptions([option])).toThrow(UsageError);
    expect(() => parseOptions([option])).toThrow('npm start -- --once');
  },
);

test('npm start -- --once --config rewind.json is not', () => {
  expect(parseOptions(['--once', '--config', 'rewind.json'])).toEqual({ once: true, config: 'rewind.json' });
});
