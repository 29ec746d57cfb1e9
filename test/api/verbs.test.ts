import { verbRoutes } from '../../api';
import { verbNames } from '../../api/verbs';

test('lists the verbs of the routes', () => {
  expect(verbNames.toSorted()).toEqual(verbRoutes.map(({ verb }) => verb).toSorted());
});
