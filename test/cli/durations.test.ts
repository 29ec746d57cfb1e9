import { instant } from '../../cli/output/durations';

describe('a time on the command line', () => {
  test.each([
    ['2026-02-28', '2026-02-28T00:00:00.000Z'],
    ['2026-01-31T12:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5+02:00', '2026-01-31T10:00:00.500Z'],
  ])('%s is %s', (given, time) => {
    expect(instant(given)).toBe(time);
  });

  test.each([
    '2026-02-31',
    '2026-02-31T12:00:00Z',
    '2026-13-01',
    '2026-1-5',
    '2026-01-31T12:00',
    '2026-01-31T25:00Z',
    '2026-01-31 (UTC)',
    'yesterday',
    '',
  ])('%s is refused, because it is no date, or another time on another machine', (given) => {
    expect(() => instant(given)).toThrow('is not a time such as');
  });
});
