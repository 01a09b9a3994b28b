// As assets.ts serves it: beside the rooms, so that modules import it by '../../uplot/uPlot.js'.
declare module '*/uplot/uPlot.js' {
  import uPlot from 'uplot';

  export default uPlot;
}
