<?php
/**
 * Plugin Name:       onramp-pixel
 * Description:       Tells a cloud marketplace which purchases came of it: its tag on every page, and WooCommerce's purchases.
 * Version:           0.1.0
 * Requires at least: 5.7
 * Requires PHP:      7.4
 * License:           MIT
 * Text Domain:       onramp-pixel
 * Domain Path:       /languages
 */

defined( 'ABSPATH' ) || exit;

/** The one option in which all settings stand. */
const ONRAMP_PIXEL_OPTION = 'onramp_pixel';

require __DIR__ . '/settings.php';
require __DIR__ . '/consent.php';
require __DIR__ . '/tag.php';
require __DIR__ . '/woocommerce.php';
if ( is_admin() ) {
	require __DIR__ . '/settings-page.php';
}

add_action(
	'init',
	function () {
		load_plugin_textdomain( 'onramp-pixel', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
	}
);
