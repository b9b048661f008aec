import classes from './icon.module.css'

/** Shapes of 24 × 24 units, drawn as lines. From Tabler Icons (MIT). */
const SHAPES = {
  overview: 'M4 4h6v8H4z M4 16h6v4H4z M14 12h6v8h-6z M14 4h6v4h-6z',
  pipelines:
    'M3 19a2 2 0 1 0 4 0a2 2 0 0 0-4 0 M17 5a2 2 0 1 0 4 0a2 2 0 0 0-4 0 M12 19h4.5a3.5 3.5 0 0 0 0-7h-8a3.5 3.5 0 0 1 0-7H12',
  policies: 'M9 12l2 2l4-4 M12 3a12 12 0 0 0 8.5 3a12 12 0 0 1-8.5 15a12 12 0 0 1-8.5-15a12 12 0 0 0 8.5-3',
  environments: 'M12 4L4 8l8 4l8-4z M4 12l8 4l8-4 M4 16l8 4l8-4',
  consumers:
    'M9.785 6L18 14.215l-2.054 2.054a5.81 5.81 0 1 1-8.215-8.215z M4 20l3.5-3.5 M15 4l-3.5 3.5 M20 9l-3.5 3.5',
  keys: 'M16.555 3.843l3.602 3.602a2.877 2.877 0 0 1 0 4.069l-2.643 2.643a2.877 2.877 0 0 1-4.069 0l-.301-.301l-6.558 6.558a2 2 0 0 1-1.239.578L5.172 21H4a1 1 0 0 1-.993-.883L3 20v-1.172a2 2 0 0 1 .467-1.284l.119-.13L4 17h2v-2h2v-2l2.144-2.144l-.301-.301a2.877 2.877 0 0 1 0-4.069l2.643-2.643a2.877 2.877 0 0 1 4.069 0z M15 9h.01',
  roles: 'M3 5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z M3 10h18 M10 3v18',
  members:
    'M5 7a4 4 0 1 0 8 0a4 4 0 1 0-8 0 M3 21v-2a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v2 M16 3.13a4 4 0 0 1 0 7.75 M21 21v-2a4 4 0 0 0-3-3.85',
  requests: 'M3 12h4l3 8l4-16l3 8h4',
  usage: 'M4 20h16 M6 16v-4 M12 16V6 M18 16v-7',
  audit: 'M12 8v4l2 2 M3.05 11a9 9 0 1 1 .5 4m-.5 5v-5h5',
  leaks:
    'M7.502 19.423c2.602 2.105 6.395 2.105 8.996 0c2.602-2.105 3.262-5.708 1.566-8.546l-4.89-7.26c-.42-.625-1.287-.803-1.936-.397a1.376 1.376 0 0 0-.41.397l-4.893 7.26c-1.695 2.838-1.035 6.441 1.567 8.546z',
  organization:
    'M3 21h18 M9 8h1 M9 12h1 M9 16h1 M14 8h1 M14 12h1 M14 16h1 M5 21V5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v16',
  quotas:
    'M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0 M11 12a1 1 0 1 0 2 0a1 1 0 1 0-2 0 M13.41 10.59l2.59-2.59 M7 12a5 5 0 0 1 5-5',
  webhooks:
    'M4.876 13.61A4 4 0 1 0 11 17h6 M15.066 20.502A4 4 0 1 0 17 13c-.706 0-1.424.179-2 .5L12 8 M16 8a4 4 0 1 0-8 0c0 1.506.77 2.818 2 3.5L7 17',
  account: 'M8 7a4 4 0 1 0 8 0a4 4 0 1 0-8 0 M6 21v-2a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v2',
  menu: 'M4 6h16 M4 12h16 M4 18h16',
  choose: 'M8 9l4-4l4 4 M16 15l-4 4l-4-4',
  search: 'M3 10a7 7 0 1 0 14 0a7 7 0 1 0-14 0 M21 21l-6-6',
  moon: 'M12 3a6 6 0 0 0 9 9a9 9 0 1 1-9-9z',
  sun: 'M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0 M3 12h1 M12 3v1 M20 12h1 M12 20v1 M5.6 5.6l.7.7 M18.4 5.6l-.7.7 M17.7 17.7l.7.7 M6.3 17.7l-.7.7',
  plus: 'M12 5v14 M5 12h14',
  close: 'M18 6L6 18 M6 6l12 12',
  copy: 'M8 10a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2z M16 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2',
  check: 'M5 12l5 5L20 7',
  more: 'M5 12h.01 M12 12h.01 M19 12h.01',
  download: 'M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2 M7 11l5 5l5-5 M12 4v12',
  back: 'M15 6l-6 6l6 6',
  down: 'M12 5v14 M18 13l-6 6 M6 13l6 6',
  up: 'M12 5v14 M18 11l-6-6 M6 11l6-6',
  warning:
    'M12 9v4 M10.363 3.591L2.257 17.125a1.914 1.914 0 0 0 1.636 2.871h16.214a1.914 1.914 0 0 0 1.636-2.87L13.637 3.59a1.914 1.914 0 0 0-3.274 0z M12 16h.01',
  info: 'M3 12a9 9 0 1 0 18 0a9 9 0 0 0-18 0 M12 9h.01 M11 12h1v4h1',
} as const

export type IconName = keyof typeof SHAPES

/** A shape beside a word. Readers of the screen hear only the word. */
export function Icon({ name, small = false }: { readonly name: IconName; readonly small?: boolean }) {
  return (
    <svg
      className={classes.icon}
      data-small={small || undefined}
      data-name={name}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path d={SHAPES[name]} />
    </svg>
  )
}
