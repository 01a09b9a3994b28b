// Where the menu is wider than the screen, shows the part of it in which the page itself stands.
const own = document.querySelector('.bar [aria-current]');
const menu = own?.closest('nav');
if (own instanceof HTMLElement && menu)
  menu.scrollLeft = own.offsetLeft - (menu.clientWidth - own.offsetWidth) / 2;
