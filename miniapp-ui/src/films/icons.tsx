/** A sign for each mark, drawn on a field of 24 × 24. */
import type { Mark } from "../generated/wire";

const PATHS: Record<Mark, string> = {
  wanted: "M7 4h10v16l-5-4-5 4z",
  watched:
    "M2.5 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  hidden:
    "M4 4l16 16M9.500 6a9 9 0 0 1 2.500-.4c6 0 9.500 6.400 9.500 6.400a15 15 0 0 1-3 3.600M6.200 7.900A15 15 0 0 0 2.500 12S6 18.400 12 18.400a9 9 0 0 0 4-.9",
};

export function MarkIcon(props: { mark: Mark; filled?: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" classList={{ filled: props.filled ?? false }}>
      <path d={PATHS[props.mark]} />
    </svg>
  );
}
