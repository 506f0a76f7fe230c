interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/** The value with its fields in the order in which the view declares them; fields that it does not declare come last. */
export function inDeclaredOrder(value: unknown, shape: object | undefined): unknown {
  const { properties, items } = (shape ?? {}) as Shape;
  if (Array.isArray(value)) return value.map((element) => inDeclaredOrder(element, items));
  if (typeof value !== 'object' || value === null || !properties) return value;
  const given = value as Readonly<Record<string, unknown>>;
  const names = [
    ...Object.keys(properties).filter((name) => Object.hasOwn(given, name)),
    ...Object.keys(given).filter((name) => !Object.hasOwn(properties, name)),
  ];
  return Object.fromEntries(names.map((name) => [name, inDeclaredOrder(given[name], properties[name])]));
}
