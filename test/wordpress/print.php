<?php
/**
 * Plays the plugin with functions in WordPress' place that do the least, and prints what came of it as JSON. Any warning ends
 * it. wordpress.spec.ts plays it with WordPress itself.
 */

error_reporting( E_ALL );
set_error_handler(
	function ( $level, $message, $file, $line ) {
		throw new ErrorException( $message, 0, $level, $file, $line );
	}
);

define( 'ABSPATH', __DIR__ );
define( 'WP_UNINSTALL_PLUGIN', 'onramp-pixel' );
$options = array();
$actions = array();
$errors  = array();

function is_admin() {
	return true;
}
function add_action( $name, $callback ) {
	global $actions;
	$actions[ $name ][] = $callback;
}
function add_filter( $name, $callback ) {
	add_action( $name, $callback );
}
function do_action( $name, ...$arguments ) {
	global $actions;
	foreach ( $actions[ $name ] ?? array() as $callback ) {
		$callback( ...$arguments );
	}
}
function get_option( $name, $default ) {
	global $options;
	return $options[ $name ] ?? $default;
}
function delete_option( $name ) {
	global $options;
	unset( $options[ $name ] );
}
function get_bloginfo() {
	return 'Acme CRM';
}
function add_settings_error( $option, $field ) {
	global $errors;
	$errors[] = $field;
}
function untrailingslashit( $text ) {
	return rtrim( $text, '/' );
}
function wp_parse_url( $address, $part ) {
	return parse_url( $address, $part );
}
function esc_url_raw( $address ) {
	return $address;
}
function sanitize_text_field( $text ) {
	return trim( wp_strip_tags( $text ) );
}
function wp_strip_tags( $text ) {
	return strip_tags( $text );
}
function plugin_basename( $file ) {
	return basename( $file );
}
function __( $text ) {
	return $text;
}
function wp_print_script_tag( $attributes ) {
	echo json_encode( $attributes ), "\n";
}
function wp_print_inline_script_tag( $script ) {
	echo json_encode( $script ), "\n";
}
function wc_get_order( $id ) {
	return $id ? new Order_Double( $id ) : false;
}

require __DIR__ . '/content/mu-plugins/order-double.php';
$plugin = dirname( __DIR__, 2 ) . '/src/wordpress/onramp-pixel';
require $plugin . '/onramp-pixel.php';

/** What an action prints, a line each. */
function printed( $name, ...$arguments ) {
	ob_start();
	do_action( $name, ...$arguments );
	return array_map( 'json_decode', array_filter( explode( "\n", ob_get_clean() ) ) );
}

$results = array( 'unset' => array_merge( printed( 'wp_head', '' ), printed( 'woocommerce_thankyou', 1001 ) ) );

$entered             = array(
	'partner_key'  => ' pk_acme ',
	'endpoint'     => 'https://market.example/m/',
	'service_name' => 'R&D <b>"CRM"</b>',
);
$results['checked']  = onramp_pixel_check_settings( $entered );
$options             = array( 'onramp_pixel' => $results['checked'] );
$results['refused']  = onramp_pixel_check_settings(
	array(
		'partner_key'  => "pk\n",
		'endpoint'     => 'javascript:alert(1)',
		'service_name' => array( 'x' ),
	)
);
$results['kept']     = onramp_pixel_check_settings( array( 'partner_key' => 'pk"><script>' ) );
$results['errors']   = $errors;
$results['head']     = printed( 'wp_head', '' );
$results['thanks']   = printed( 'woocommerce_thankyou', 1001 );
$results['guest']    = printed( 'woocommerce_thankyou', 1002 );
$results['failed']   = printed( 'woocommerce_thankyou', 9001 );
$results['no_order'] = printed( 'woocommerce_thankyou', 0 );
$results['signup']   = printed(
	'onramp_pixel_track',
	array(
		'track'       => 'signup',
		'customer-id' => '43',
	)
);
// The guide's own example, whose shop has an action of its own.
require $argv[1];
$order             = (object) array(
	'id'          => 'A-1001',
	'customer_id' => '42',
);
$results['shop']   = printed( 'your_shop_thank_you', $order );

$options['onramp_pixel']['consent'] = 'required';
$results['consent']                 = printed( 'wp_head', '' );

require $plugin . '/uninstall.php';
$results['left'] = $options;
echo json_encode( $results );
