import { Table } from '../../core/table.js';

/**
 * Campaign rows with the column `category_price`, the geometric mean of the prices known in the category, which also
 * stands in for a `product_price` that is not named. The exponential is taken here, because databases differ in its
 * last digit.
 */
export function withTypicalPrice(table: Table): Table {
  const typical = Table.numbers(table, 'category_log_price').map(Math.exp);
  const named = Table.numbers(table, 'product_price');
  return Table.fromColumns({
    ...table.columns,
    product_price: {
      type: 'number',
      values: named.map((price, i) => (Number.isNaN(price) ? typical[i] : price)),
    },
    category_price: { type: 'number', values: typical },
  });
}
