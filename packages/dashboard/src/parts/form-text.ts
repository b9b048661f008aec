/** What was typed into a field of a form; an empty text for one that is not there, or a file. */
export function formText(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name)
  return typeof value === 'string' ? value : ''
}
