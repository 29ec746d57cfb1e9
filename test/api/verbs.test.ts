import { verbRoutes } from '../../api';
import { verbNames } from '../../api/verbs';

test('the names of verbs are those of the routes', () => {
  expect(verbNames.toSorted()).toEqual(verbRoutes.map(({ verb }) => verb).toSorted());
});
