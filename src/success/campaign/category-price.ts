import { Table } from '../../core/table.js';

/**
 * Campaign rows with `category_price`, the typical price of their category, which also stands in for a product's price
 * that is not known. The query gives its logarithm: engines differ in the last bit of exp.
 */
export function withCategoryPrice(table: Table): Table {
  const price = Table.numbers(table, 'category_log_price').map(Math.exp);
  const own = Table.numbers(table, 'product_price');
  return Table.fromColumns({
    ...table.columns,
    product_price: {
      type: 'number',
      values: own.map((value, i) => (Number.isNaN(value) ? price[i] : value)),
    },
    category_price: { type: 'number', values: price },
  });
}
