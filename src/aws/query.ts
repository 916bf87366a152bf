/**
 * The parameters in a URL's query. One that is given more than once stays a list, which no shape
 * takes. A plus is a space, as the signature has it.
 */
export function queryParameters(url: string): Record<string, string | string[]> {
  return parametersIn(new URL(url).searchParams)
}

/** The parameters in a form. */
export function formParameters(form: string): Record<string, string | string[]> {
  return parametersIn(new URLSearchParams(`?${form}`))
}

function parametersIn(parameters: URLSearchParams): Record<string, string | string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of parameters) {
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  return Object.fromEntries(
    Array.from(values, ([name, [first = '', ...more]]) => [
      name,
      more.length === 0 ? first : [first, ...more],
    ]),
  )
}
